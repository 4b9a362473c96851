# necessity.pl - the rows of a capture of the coverage database, read by another
# program than ours.
#
#   perl necessity.pl FOLDER
#
# Prints "P article code" for each row of procedures and "N article code" for
# each row of noncovered diagnoses, undotted, without the placeholder XX000,
# sorted, each once.
use strict;
use warnings;

my ($folder) = @ARGV;
my %seen;

sub rows {
    my ($kind, $file, $shape) = @_;
    open my $in, '-|', 'xz', '-dc', "$folder/$file" or die "$file: $!\n";
    while (my $line = <$in>) {
        next unless $line =~ $shape;
        my ($article, $code) = ($1, uc $2);
        $code =~ tr/.//d;
        next if $code eq 'XX000';
        $seen{sprintf '%s %08d %s', $kind, $article, $code} = 1;
    }
    close $in or die "$file: xz failed\n";
}

rows('P', 'CMS_HCPC_code.csv.xz', qr/^(\d+),\d+,([0-9A-Za-z]{5}),\d+,/);
rows('N', 'icd10_noncovered_all_articles.csv.xz',
    qr/^(\d+),\d+,([A-Za-z][0-9A-Za-z.]{2,7}),\d+,/);
print "$_\n" for sort keys %seen;
